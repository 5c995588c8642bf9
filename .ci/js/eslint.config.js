// The project's own scripts: modules for the browser. What is not ours (pdfjs) is not looked at.
// Run from the root of the repository (`make check-js`), which the paths here start from.
import js from "@eslint/js";
import globals from "globals";

export default [
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    languageOptions: {
      ecmaVersion: 2024,
      sourceType: "module",
      globals: globals.browser,
    },
    rules: {
      "array-callback-return": "error",
      "consistent-return": "off",
      eqeqeq: "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-unassigned-vars": "error",
      "no-useless-assignment": "error",
      "no-var": "error",
      "preserve-caught-error": "error",
      "no-self-compare": "error",
      "no-unmodified-loop-condition": "error",
      "no-unused-vars": "error",
      "no-use-before-define": ["error", { functions: false, classes: false, variables: false }],
      "prefer-const": ["error", { destructuring: "all" }],
    },
  },
];
