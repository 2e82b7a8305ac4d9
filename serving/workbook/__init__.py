"""The workbook of one or more gemeenten: the published figures as sheets, for whoever works in Excel or LibreOffice.

Reads published tables only and computes no figure. Importing this package loads nothing: openpyxl comes with
`serving.workbook.workbook`.
"""
