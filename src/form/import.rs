//! Learning a form from a workbook.
