public import Primitives

/// Makes a node of the directory a validator, the last in the order, and so begins an epoch. Requires the administrators.
@frozen
public struct ValidatorAdd: Hashable, Sendable, BitwiseCopyable {
  public let proof: KeyProof
  /// The digest of the configuration that the transaction is to find.
  public let configuration: Digest
}

extension Operation {
  /// - Parameters:
  ///   - proof: the node's name and its vote key.
  ///   - configuration: the digest of the present configuration.
  public static func validatorAdd(_ proof: KeyProof, configuration: Digest) -> Operation {
    .validatorAdd(ValidatorAdd(proof: proof, configuration: configuration))
  }
}

extension ValidatorAdd: LedgerOperation, LedgerOperationView {
  typealias View = ValidatorAdd

  func encode(into writer: inout Writer) {
    proof.encode(into: &writer)
    writer.digest(configuration)
  }

  init(from reader: inout Reader) throws(CodecError) {
    proof = try KeyProof(from: &reader)
    configuration = try reader.digest()
  }

  var requiredAuthority: RequiredAuthority { .administrators }
  static var changesAuthority: Bool { false }
  var touched: TouchedEntries { .none }

  func apply(to state: inout LedgerState, _ buffer: RawSpan) -> OutcomeCode {
    guard state.administratorsAct else { return .administratorsMissing }
    guard state.findsConfiguration(configuration) else { return .configurationOutdated }
    guard let node = state.node(proof.validator) else { return .directoryUnknownNode }
    guard state.index(ofValidator: proof.validator) == nil else { return .validatorExists }
    guard state.configuration.validators.count < Limits.validators else { return .validatorTooMany }
    let fault = state.voteKeyFault(proof.key, of: proof.validator)
    guard fault == .applied else { return fault }
    state.changeConfiguration {
      $0.validators.append(ConfiguredValidator(name: node.name, member: node.member, voteKey: proof.key))
    }
    return .applied
  }
}
