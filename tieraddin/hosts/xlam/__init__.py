"""The Excel add-in file ``tieraddin.xlam``, built without Excel."""
