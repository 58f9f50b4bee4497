// So that the configuration above is not taken.
export default {};
