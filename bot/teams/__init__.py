"""The Teams edge: its payloads are read and drawn here, and leave this folder nowhere."""
