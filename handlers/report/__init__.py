"""What the annual report says, as data: chapters, sentences, tables and charts, for documents of any format to draw."""
