"""What is observed and how: rights, indicators, vocabularies and forms in every version ever shipped; answers checked, marks emitted."""
