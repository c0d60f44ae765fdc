"""Files for people: the annual report as DOCX and HTML, its tables as CSV and XLSX, and the record as DOCX."""
