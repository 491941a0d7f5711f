public import Primitives

/// One change to the ledger.
///
/// The comfortable form, for building and showing; execution reads `OperationView` from the buffer. Its
/// decoder is the view's, so there is one set of rules. What a kind means is in the file of its type, which also has
/// the function that builds it from its fields.
public enum Operation: Hashable, Sendable {
  case memberAdd(MemberAdd)
  case memberUpdate(MemberUpdate)
  case memberSuspend(MemberSuspend)
  case memberRestore(MemberRestore)
  case accountOpen(AccountOpen)
  case accountFreeze(AccountFreeze)
  case accountUnfreeze(AccountUnfreeze)
  case assetDefine(AssetDefine)
  case assetIssue(AssetIssue)
  case assetRetire(AssetRetire)
  case assetTransfer(AssetTransfer)
  case recordAnchor(RecordAnchor)

  public var kind: OperationKind {
    switch self {
    case .memberAdd: .memberAdd
    case .memberUpdate: .memberUpdate
    case .memberSuspend: .memberSuspend
    case .memberRestore: .memberRestore
    case .accountOpen: .accountOpen
    case .accountFreeze: .accountFreeze
    case .accountUnfreeze: .accountUnfreeze
    case .assetDefine: .assetDefine
    case .assetIssue: .assetIssue
    case .assetRetire: .assetRetire
    case .assetTransfer: .assetTransfer
    case .recordAnchor: .recordAnchor
    }
  }

  /// What it touches; what it anchors is told by its view alone.
  package var touched: TouchedEntries {
    switch self {
    case .memberAdd(let operation): operation.touched
    case .memberUpdate(let operation): operation.touched
    case .memberSuspend(let operation): operation.touched
    case .memberRestore(let operation): operation.touched
    case .accountOpen(let operation): operation.touched
    case .accountFreeze(let operation): operation.touched
    case .accountUnfreeze(let operation): operation.touched
    case .assetDefine(let operation): operation.touched
    case .assetIssue(let operation): operation.touched
    case .assetRetire(let operation): operation.touched
    case .assetTransfer(let operation): operation.touched
    case .recordAnchor(let operation): operation.touched
    }
  }

  /// Kind byte, then the fields in the order of the format.
  ///
  /// Does not check the rules: the decoder does, and every built transaction passes it. Lengths that do not
  /// fit are written as the largest, so that it refuses them.
  public func encode(into writer: inout Writer) {
    writer.byte(kind.rawValue)
    switch self {
    case .memberAdd(let operation): operation.encode(into: &writer)
    case .memberUpdate(let operation): operation.encode(into: &writer)
    case .memberSuspend(let operation): operation.encode(into: &writer)
    case .memberRestore(let operation): operation.encode(into: &writer)
    case .accountOpen(let operation): operation.encode(into: &writer)
    case .accountFreeze(let operation): operation.encode(into: &writer)
    case .accountUnfreeze(let operation): operation.encode(into: &writer)
    case .assetDefine(let operation): operation.encode(into: &writer)
    case .assetIssue(let operation): operation.encode(into: &writer)
    case .assetRetire(let operation): operation.encode(into: &writer)
    case .assetTransfer(let operation): operation.encode(into: &writer)
    case .recordAnchor(let operation): operation.encode(into: &writer)
    }
  }

  public init(from reader: inout Reader) throws(CodecError) {
    let view = try OperationView(from: &reader)
    self.init(view, in: reader.span)
  }

  /// The view's operation, out of the buffer that it was decoded from.
  public init(_ view: OperationView, in buffer: RawSpan) {
    switch view {
    case .memberAdd(let view): self = .memberAdd(MemberAdd(view, in: buffer))
    case .memberUpdate(let view): self = .memberUpdate(MemberUpdate(view, in: buffer))
    case .memberSuspend(let view): self = .memberSuspend(MemberSuspend(view, in: buffer))
    case .memberRestore(let view): self = .memberRestore(MemberRestore(view, in: buffer))
    case .accountOpen(let view): self = .accountOpen(AccountOpen(view, in: buffer))
    case .accountFreeze(let view): self = .accountFreeze(AccountFreeze(view, in: buffer))
    case .accountUnfreeze(let view): self = .accountUnfreeze(AccountUnfreeze(view, in: buffer))
    case .assetDefine(let view): self = .assetDefine(AssetDefine(view, in: buffer))
    case .assetIssue(let view): self = .assetIssue(AssetIssue(view, in: buffer))
    case .assetRetire(let view): self = .assetRetire(AssetRetire(view, in: buffer))
    case .assetTransfer(let view): self = .assetTransfer(AssetTransfer(view, in: buffer))
    case .recordAnchor(let view): self = .recordAnchor(RecordAnchor(view, in: buffer))
    }
  }
}
