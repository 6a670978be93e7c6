"""The waist: records, their JSON Schemas, the folder they are kept in, its manifest and its verification."""
