"""Write the bodies of answers: compact and pretty JSON, Atom, AtomPub, EDMX, and the JSON of an error.

Gets ready rows (one compact JSON object each) and links; knows nothing of archives, requests or faults.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

JSON_TYPE = "application/json;odata=minimalmetadata;streaming=true;charset=utf-8"
ATOM_TYPE = "application/atom+xml;type=feed;charset=utf-8"
ATOM_SERVICE_TYPE = "application/atomsvc+xml;charset=utf-8"
XML_TYPE = "application/xml;charset=utf-8"
TEXT_TYPE = "text/plain;charset=utf-8"
HTML_TYPE = "text/html;charset=utf-8"

_DATA = "http://schemas.microsoft.com/ado/2007/08/dataservices"
_META = f"{_DATA}/metadata"
_EDM = {"Long": "Edm.Int32", "Double": "Edm.Double", "Float": "Edm.Single", "String": "Edm.String"}
_XML = '<?xml version="1.0" encoding="utf-8"?>'


def compact(record: Mapping[str, Any]) -> str:
    """One record as compact JSON, its members in their own order."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def collection(context: str, rows: Sequence[str], next_link: str | None, *, pretty: bool) -> bytes:
    """The envelope around rows: context, `value`, and `odata.nextLink` last when more rows follow."""
    link = f',"odata.nextLink":{json.dumps(next_link)}' if next_link else ""
    head = f'"odata.metadata":{json.dumps(context)},"value":['
    if not pretty:
        return f"{{{head}{','.join(rows)}]{link}}}".encode()
    objects = ",".join(f"{{\n      {row[1:-1]}\n    }}" for row in rows)
    return f"{{\n  {head}\n    {objects}\n  ]{link}\n}}".encode()


def error(message: str) -> bytes:
    """The JSON body of a refused request."""
    return compact({"odata.error": {"code": "", "message": {"lang": "en-US", "value": message}}}).encode()


def atom_service(base: str, names: Sequence[str]) -> bytes:
    """An AtomPub service document: one collection per name."""
    members = "".join(
        f"<collection href={quoteattr(name)}><atom:title>{escape(name)}</atom:title></collection>" for name in names
    )
    return (
        f'{_XML}<service xml:base={quoteattr(base)} xmlns="http://www.w3.org/2007/app" '
        'xmlns:atom="http://www.w3.org/2005/Atom">'
        f"<workspace><atom:title>Default</atom:title>{members}</workspace></service>"
    ).encode()


def atom_feed(url: str, title: str, rows: Sequence[str], next_link: str | None) -> bytes:
    """An Atom feed: one entry per row, members as properties."""
    entries = "".join(_atom_entry(json.loads(row)) for row in rows)
    link = f'<link rel="next" href={quoteattr(next_link)}/>' if next_link else ""
    return (
        f'{_XML}<feed xmlns="http://www.w3.org/2005/Atom" xmlns:d="{_DATA}" xmlns:m="{_META}">'
        f"<id>{escape(url)}</id><title>{escape(title)}</title>{entries}{link}</feed>"
    ).encode()


def _atom_entry(record: Mapping[str, Any]) -> str:
    members = "".join(_atom_member(name.replace("odata.", ""), value) for name, value in record.items())
    return f'<entry><content type="application/xml"><m:properties>{members}</m:properties></content></entry>'


def _atom_member(name: str, value: object) -> str:
    if value is None:
        return f'<d:{name} m:null="true"/>'
    if isinstance(value, bool):
        return f'<d:{name} m:type="Edm.Boolean">{str(value).lower()}</d:{name}>'
    if isinstance(value, int | float):
        edm = "Edm.Int32" if isinstance(value, int) else "Edm.Double"
        return f'<d:{name} m:type="{edm}">{value}</d:{name}>'
    return f'<d:{name} xml:space="preserve">{escape(str(value))}</d:{name}>'


def edmx(properties: Sequence[Mapping[str, Any]]) -> bytes:
    """A minimal `$metadata`: the row type `TData` with the columns of DataProperties."""
    columns = [prop for prop in properties if prop["Key"]]
    members = "".join(
        f'<Property Name="{prop["Key"]}" Type="{_EDM.get(prop.get("Datatype", ""), "Edm.String")}"/>'
        for prop in columns
    )
    return (
        f'{_XML}<edmx:Edmx Version="1.0" xmlns:edmx="http://schemas.microsoft.com/ado/2007/06/edmx">'
        f'<edmx:DataServices m:DataServiceVersion="3.0" xmlns:m="{_META}">'
        '<Schema Namespace="Cbs.OData" xmlns="http://schemas.microsoft.com/ado/2009/11/edm">'
        '<EntityType Name="TData"><Key><PropertyRef Name="ID"/></Key>'
        '<Property Name="ID" Type="Edm.Int32" Nullable="false"/>'
        f"{members}</EntityType></Schema></edmx:DataServices></edmx:Edmx>"
    ).encode()
