/* Texts of scripts in the language of the site, by the English ones. */
globalThis.assayTexts = {};
