internal import Primitives

/// Removes a node that is no validator from the directory. Requires the administrators.
@frozen
public struct DirectoryRemove: Hashable, Sendable, BitwiseCopyable {
  public var name: Name
}

extension Operation {
  public static func directoryRemove(name: Name) -> Operation { .directoryRemove(DirectoryRemove(name: name)) }
}

extension DirectoryRemove: LedgerOperation, LedgerOperationView {
  typealias View = DirectoryRemove

  func encode(into writer: inout Writer) { name.encode(into: &writer) }

  init(from reader: inout Reader) throws(CodecError) { name = try Name(from: &reader, "node") }

  var requiredAuthority: RequiredAuthority { .administrators }
  static var changesAuthority: Bool { false }
  var touched: TouchedEntries { .none }

  func apply(to state: inout LedgerState, _ buffer: RawSpan) -> OutcomeCode {
    guard state.administratorsAct else { return .administratorsMissing }
    guard state.node(name) != nil else { return .directoryUnknownNode }
    // A validator of the running epoch must be reachable until the epoch is over.
    guard state.index(ofValidator: name) == nil,
      !state.epochConfiguration.validators.contains(where: { $0.name == name })
    else { return .directoryValidator }
    state.replaceNode(name, with: nil)
    return .applied
  }
}
