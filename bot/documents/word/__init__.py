"""Paper as a word processor's document (DOCX), accessible: real headings, marked header rows, alt text, language."""
