public import Primitives

/// Tells how a node is reached and recognised: adds it to the directory or replaces its entry. Requires the administrators.
public struct DirectorySet: Hashable, Sendable {
  public var node: DirectoryEntry

  /// The operation in the form in which it lies in a buffer.
  @frozen
  public struct View: Hashable, Sendable, BitwiseCopyable {
    public let name: Name
    public let entry: DirectoryEntryView
  }
}

extension Operation {
  /// - Parameters:
  ///   - pins: one or two, in any order; see `DirectoryEntry`.
  ///   - addresses: 1 to `Limits.nodeAddresses`, in the order in which they are tried.
  public static func directorySet(name: Name, member: Name, pins: [Digest], addresses: [String]) -> Operation {
    .directorySet(
      DirectorySet(node: DirectoryEntry(name: name, member: member, pins: pins, addresses: addresses)))
  }
}

extension DirectorySet: LedgerOperation {
  func encode(into writer: inout Writer) {
    node.name.encode(into: &writer)
    node.encodeValue(into: &writer)
  }

  init(_ view: View, in buffer: RawSpan) { node = DirectoryEntry(view.name, view.entry, in: buffer) }

  var touched: TouchedEntries { .none }
}

extension DirectorySet.View: LedgerOperationView {
  init(from reader: inout Reader) throws(CodecError) {
    name = try Name(from: &reader, "node")
    entry = try DirectoryEntryView(from: &reader)
  }

  var requiredAuthority: RequiredAuthority { .administrators }
  static var changesAuthority: Bool { false }
  var touched: TouchedEntries { .none }

  func apply(to state: inout LedgerState, _ buffer: RawSpan) -> OutcomeCode {
    guard state.administratorsAct else { return .administratorsMissing }
    guard state.members.slot(of: entry.member) != nil else { return .memberUnknown }
    let known = state.node(name)
    if let known, known.member != entry.member { return .directoryOtherMember }
    guard state.isFree(entry.firstPin, for: name), entry.secondPin.map({ state.isFree($0, for: name) }) ?? true else {
      return .directoryPinInUse
    }
    guard known != nil || state.derived.nodeCount < Limits.nodes else { return .directoryFull }
    state.replaceNode(name, with: DirectoryEntry(name, entry, in: buffer))
    return .applied
  }
}
