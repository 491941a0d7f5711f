/// Who must sign for an operation.
enum RequiredAuthority: Hashable {
  /// As many administrators as the chain's threshold requires.
  case administrators
  case member(Name)
  case issuer(of: Name)
  case issuerAndMember(issuerOf: Name, Name)
  /// The administrators as above, or the member that runs the validator.
  case administratorsOrMember(ofValidator: Name)
}
