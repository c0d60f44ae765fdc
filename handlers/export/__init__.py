"""A concern's or a child's file for the case record, as Markdown and as JSON, without drafts and legal notes."""
