"""Rough size and standing of some gemeenten, so that the invented country looks like the real one from afar.

Round figures from memory, in thousands of inhabitants; good for an order of size only. Every other gemeente gets a size
by lot.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# Name without suffix -> thousands of inhabitants around 2020.
THOUSANDS: Mapping[str, float] = MappingProxyType(
    {
        "Amsterdam": 870, "Rotterdam": 650, "'s-Gravenhage": 545, "Utrecht": 360, "Eindhoven": 235,
        "Groningen": 215, "Tilburg": 220, "Almere": 215, "Breda": 185, "Nijmegen": 175, "Apeldoorn": 165,
        "Haarlem": 160, "Arnhem": 160, "Enschede": 160, "Amersfoort": 155, "Zaanstad": 155,
        "'s-Hertogenbosch": 150, "Haarlemmermeer": 145, "Zwolle": 130, "Zoetermeer": 125, "Leiden": 125,
        "Maastricht": 120, "Dordrecht": 120, "Ede": 115, "Leeuwarden": 105, "Westland": 110, "Emmen": 107,
        "Alkmaar": 95, "Delft": 103, "Venlo": 101, "Deventer": 100, "Sittard-Geleen": 92, "Helmond": 92,
        "Amstelveen": 91, "Hilversum": 91, "Oss": 85, "Heerlen": 87, "Purmerend": 80, "Hengelo": 81,
        "Schiedam": 78, "Lelystad": 79, "Roosendaal": 77, "Alphen aan den Rijn": 75, "Vlaardingen": 73,
        "Almelo": 73, "Hoorn": 73, "Gouda": 73, "Spijkenisse": 72, "Velsen": 68, "Assen": 68,
        "Bergen op Zoom": 67, "Capelle aan den IJssel": 67, "Veenendaal": 66, "Katwijk": 65, "Zeist": 64,
        "Nieuwegein": 64, "Hardenberg": 61, "Barneveld": 59, "Roermond": 58, "Doetinchem": 57,
        "Heerhugowaard": 57, "Smallingerland": 56, "Den Helder": 56, "Oosterhout": 56, "Hoogeveen": 55,
        "Terneuzen": 54, "Kampen": 54, "Woerden": 52, "Houten": 50, "Weert": 50, "Middelburg": 49,
        "Kerkrade": 46, "Vlissingen": 44, "Heemstede": 27, "Wassenaar": 26, "Bloemendaal": 23,
        "Zandvoort": 17, "Texel": 13.8, "Laren": 11, "Blaricum": 11, "Mook en Middelaar": 7.9,
        "Baarle-Nassau": 6.9, "Renswoude": 5.3, "Terschelling": 4.9, "Ameland": 3.8, "Rozendaal": 1.7,
        "Vlieland": 1.2, "Schiermonnikoog": 0.95,
    }
)  # fmt: skip

# Name without suffix -> push on the invented deprivation, in standard deviations.
DEPRIVATION: Mapping[str, float] = MappingProxyType(
    {
        "Rotterdam": 1.3, "'s-Gravenhage": 1.0, "Amsterdam": 0.8, "Heerlen": 1.3, "Kerkrade": 1.0,
        "Schiedam": 1.0, "Vlaardingen": 0.7, "Almelo": 0.8, "Enschede": 0.8, "Leeuwarden": 0.8,
        "Groningen": 0.7, "Arnhem": 0.6, "Lelystad": 0.5, "Den Helder": 0.5, "Tilburg": 0.4, "Venlo": 0.4,
        "Bloemendaal": -1.8, "Rozendaal": -2.0, "Laren": -1.5, "Blaricum": -1.6, "Wassenaar": -1.4,
        "Heemstede": -1.4, "Houten": -1.0, "Schiermonnikoog": -0.6, "Vlieland": -0.6, "Renswoude": -1.0,
    }
)  # fmt: skip
