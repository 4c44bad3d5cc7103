"""Strict base models, problems and the texts they are said in, languages, files, versions."""
