public import Primitives

/// Makes a validator an observer, and so begins an epoch: it stays in the directory. Requires the administrators.
@frozen
public struct ValidatorRemove: Hashable, Sendable, BitwiseCopyable {
  public let name: Name
  /// The digest of the configuration that the transaction is to find.
  public let configuration: Digest
}

extension Operation {
  /// - Parameter configuration: the digest of the present configuration.
  public static func validatorRemove(name: Name, configuration: Digest) -> Operation {
    .validatorRemove(ValidatorRemove(name: name, configuration: configuration))
  }
}

extension ValidatorRemove: LedgerOperation, LedgerOperationView {
  typealias View = ValidatorRemove

  func encode(into writer: inout Writer) {
    name.encode(into: &writer)
    writer.digest(configuration)
  }

  init(from reader: inout Reader) throws(CodecError) {
    name = try Name(from: &reader, "validator")
    configuration = try reader.digest()
  }

  var requiredAuthority: RequiredAuthority { .administrators }
  static var changesAuthority: Bool { false }
  var touched: TouchedEntries { .none }

  func apply(to state: inout LedgerState, _ buffer: RawSpan) -> OutcomeCode {
    guard state.administratorsAct else { return .administratorsMissing }
    guard state.findsConfiguration(configuration) else { return .configurationOutdated }
    guard let index = state.index(ofValidator: name) else { return .validatorUnknown }
    guard state.configuration.validators.count > 1 else { return .validatorLast }
    state.changeConfiguration { $0.validators.remove(at: index) }
    state.noteKeyChange(name, at: nil)
    return .applied
  }
}
