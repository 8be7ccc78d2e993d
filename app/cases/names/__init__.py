"""Whether two spellings can be one person's name, across alphabets and schemes of romanisation. Pure: names in, likeness out."""
