"""The tablet: pages for carers, served inside the node. For now one page: how the home's system is."""
