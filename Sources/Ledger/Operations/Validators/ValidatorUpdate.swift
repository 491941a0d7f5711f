public import Primitives

/// Changes the vote key of a validator, which keeps its place, and so begins an epoch. Requires the administrators, or the
/// validator's member, which may do so once in `Limits.keyChangeMilliseconds`.
@frozen
public struct ValidatorUpdate: Hashable, Sendable, BitwiseCopyable {
  public let proof: KeyProof
  /// The digest of the configuration that the transaction is to find.
  public let configuration: Digest
}

extension Operation {
  /// - Parameters:
  ///   - proof: the validator's name and its new vote key.
  ///   - configuration: the digest of the present configuration.
  public static func validatorUpdate(_ proof: KeyProof, configuration: Digest) -> Operation {
    .validatorUpdate(ValidatorUpdate(proof: proof, configuration: configuration))
  }
}

extension ValidatorUpdate: LedgerOperation, LedgerOperationView {
  typealias View = ValidatorUpdate

  func encode(into writer: inout Writer) {
    proof.encode(into: &writer)
    writer.digest(configuration)
  }

  init(from reader: inout Reader) throws(CodecError) {
    proof = try KeyProof(from: &reader)
    configuration = try reader.digest()
  }

  var requiredAuthority: RequiredAuthority { .administratorsOrMember(ofValidator: proof.validator) }
  static var changesAuthority: Bool { false }
  var touched: TouchedEntries { .none }

  func apply(to state: inout LedgerState, _ buffer: RawSpan) -> OutcomeCode {
    let name = proof.validator
    guard let index = state.index(ofValidator: name) else { return .validatorUnknown }
    let isMemberAlone = !state.administratorsAct
    if isMemberAlone {
      guard let member = state.members.slot(of: state.configuration.validators[index].member),
        state.signers.contains(member)
      else { return .authorityMissing }
    }
    guard state.findsConfiguration(configuration) else { return .configurationOutdated }
    if isMemberAlone, state.changedKeyRecently(name) { return .validatorKeyChangedRecently }
    let fault = state.voteKeyFault(proof.key, of: name)
    guard fault == .applied else { return fault }
    state.changeConfiguration { $0.validators[index].voteKey = proof.key }
    if isMemberAlone { state.noteKeyChange(name, at: state.blockTime) }
    return .applied
  }
}
