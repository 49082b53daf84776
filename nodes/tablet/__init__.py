"""The tablet: a health page on this machine, and by TLS the signed-in pages for carers, served inside the node."""
