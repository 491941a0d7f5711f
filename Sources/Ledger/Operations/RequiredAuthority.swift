internal import Primitives

/// Who must sign for an operation.
enum RequiredAuthority: Hashable {
  /// As many administrators as the chain's threshold requires.
  case administrators
  /// The administrators as above, or one registrar.
  case administratorsOrRegistrar
  case member(Name)
  case issuer(of: Name)
  /// The owner of a hold's payee or its arbiter; or that of the payer, if `includingPayer`.
  case holdParty(HoldTerms, includingPayer: Bool)
  case issuerAndMember(issuerOf: Name, Name)
  /// The administrators as above, or the member that runs the validator.
  case administratorsOrMember(ofValidator: Name)
}
