public import Primitives

/// One change to the ledger.
///
/// This is the convenient form, for building and displaying; execution reads `OperationView` from the buffer.
/// Decoding uses the view's decoder, so that there is one set of rules. The file of each kind's type describes the
/// kind and contains the function that builds it from its fields.
public enum Operation: Hashable, Sendable {
  case memberAdd(MemberAdd)
  case memberUpdate(MemberUpdate)
  case memberSuspend(MemberSuspend)
  case memberRestore(MemberRestore)
  case accountOpen(AccountOpen)
  case accountFreeze(AccountFreeze)
  case accountUnfreeze(AccountUnfreeze)
  case accountClose(AccountClose)
  case assetDefine(AssetDefine)
  case assetIssue(AssetIssue)
  case assetRetire(AssetRetire)
  case assetTransfer(AssetTransfer)
  case assetCap(AssetCap)
  case assetHandOver(AssetHandOver)
  case assetFreeze(AssetFreeze)
  case assetUnfreeze(AssetUnfreeze)
  case holdPlace(HoldPlace)
  case holdCapture(HoldCapture)
  case holdRelease(HoldRelease)
  case recordAnchor(RecordAnchor)
  case parameterSet(ParameterSet)
  case directorySet(DirectorySet)
  case directoryRemove(DirectoryRemove)
  case validatorAdd(ValidatorAdd)
  case validatorRemove(ValidatorRemove)
  case validatorUpdate(ValidatorUpdate)

  public var kind: OperationKind {
    switch self {
    case .memberAdd: .memberAdd
    case .memberUpdate: .memberUpdate
    case .memberSuspend: .memberSuspend
    case .memberRestore: .memberRestore
    case .accountOpen: .accountOpen
    case .accountFreeze: .accountFreeze
    case .accountUnfreeze: .accountUnfreeze
    case .accountClose: .accountClose
    case .assetDefine: .assetDefine
    case .assetIssue: .assetIssue
    case .assetRetire: .assetRetire
    case .assetTransfer: .assetTransfer
    case .assetCap: .assetCap
    case .assetHandOver: .assetHandOver
    case .assetFreeze: .assetFreeze
    case .assetUnfreeze: .assetUnfreeze
    case .holdPlace: .holdPlace
    case .holdCapture: .holdCapture
    case .holdRelease: .holdRelease
    case .recordAnchor: .recordAnchor
    case .parameterSet: .parameterSet
    case .directorySet: .directorySet
    case .directoryRemove: .directoryRemove
    case .validatorAdd: .validatorAdd
    case .validatorRemove: .validatorRemove
    case .validatorUpdate: .validatorUpdate
    }
  }

  /// The entries that the operation touches. The record of an anchor is missing here; only the view can name it.
  package var touched: TouchedEntries {
    switch self {
    case .memberAdd(let operation): operation.touched
    case .memberUpdate(let operation): operation.touched
    case .memberSuspend(let operation): operation.touched
    case .memberRestore(let operation): operation.touched
    case .accountOpen(let operation): operation.touched
    case .accountFreeze(let operation): operation.touched
    case .accountUnfreeze(let operation): operation.touched
    case .accountClose(let operation): operation.touched
    case .assetDefine(let operation): operation.touched
    case .assetIssue(let operation): operation.touched
    case .assetRetire(let operation): operation.touched
    case .assetTransfer(let operation): operation.touched
    case .assetCap(let operation): operation.touched
    case .assetHandOver(let operation): operation.touched
    case .assetFreeze(let operation): operation.touched
    case .assetUnfreeze(let operation): operation.touched
    case .holdPlace(let operation): operation.touched
    case .holdCapture(let operation): operation.touched
    case .holdRelease(let operation): operation.touched
    case .recordAnchor(let operation): operation.touched
    case .parameterSet(let operation): operation.touched
    case .directorySet(let operation): operation.touched
    case .directoryRemove(let operation): operation.touched
    case .validatorAdd(let operation): operation.touched
    case .validatorRemove(let operation): operation.touched
    case .validatorUpdate(let operation): operation.touched
    }
  }

  /// Writes the kind byte, then the fields in the order of the format.
  ///
  /// Does not check the rules, because every transaction that is built passes through the decoder, which does. A
  /// length that does not fit is written as the largest possible, so that the decoder refuses it.
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
    case .accountClose(let operation): operation.encode(into: &writer)
    case .assetDefine(let operation): operation.encode(into: &writer)
    case .assetIssue(let operation): operation.encode(into: &writer)
    case .assetRetire(let operation): operation.encode(into: &writer)
    case .assetTransfer(let operation): operation.encode(into: &writer)
    case .assetCap(let operation): operation.encode(into: &writer)
    case .assetHandOver(let operation): operation.encode(into: &writer)
    case .assetFreeze(let operation): operation.encode(into: &writer)
    case .assetUnfreeze(let operation): operation.encode(into: &writer)
    case .holdPlace(let operation): operation.encode(into: &writer)
    case .holdCapture(let operation): operation.encode(into: &writer)
    case .holdRelease(let operation): operation.encode(into: &writer)
    case .recordAnchor(let operation): operation.encode(into: &writer)
    case .parameterSet(let operation): operation.encode(into: &writer)
    case .directorySet(let operation): operation.encode(into: &writer)
    case .directoryRemove(let operation): operation.encode(into: &writer)
    case .validatorAdd(let operation): operation.encode(into: &writer)
    case .validatorRemove(let operation): operation.encode(into: &writer)
    case .validatorUpdate(let operation): operation.encode(into: &writer)
    }
  }

  public init(from reader: inout Reader) throws(CodecError) {
    let view = try OperationView(from: &reader)
    self.init(view, in: reader.span)
  }

  /// Creates the operation from its view and the buffer from which the view was decoded.
  public init(_ view: OperationView, in buffer: RawSpan) {
    switch view {
    case .memberAdd(let view): self = .memberAdd(MemberAdd(view, in: buffer))
    case .memberUpdate(let view): self = .memberUpdate(MemberUpdate(view, in: buffer))
    case .memberSuspend(let view): self = .memberSuspend(MemberSuspend(view, in: buffer))
    case .memberRestore(let view): self = .memberRestore(MemberRestore(view, in: buffer))
    case .accountOpen(let view): self = .accountOpen(AccountOpen(view, in: buffer))
    case .accountFreeze(let view): self = .accountFreeze(AccountFreeze(view, in: buffer))
    case .accountUnfreeze(let view): self = .accountUnfreeze(AccountUnfreeze(view, in: buffer))
    case .accountClose(let view): self = .accountClose(view)
    case .assetDefine(let view): self = .assetDefine(AssetDefine(view, in: buffer))
    case .assetIssue(let view): self = .assetIssue(AssetIssue(view, in: buffer))
    case .assetRetire(let view): self = .assetRetire(AssetRetire(view, in: buffer))
    case .assetTransfer(let view): self = .assetTransfer(AssetTransfer(view, in: buffer))
    case .assetCap(let view): self = .assetCap(view)
    case .assetHandOver(let view): self = .assetHandOver(view)
    case .assetFreeze(let view): self = .assetFreeze(view)
    case .assetUnfreeze(let view): self = .assetUnfreeze(view)
    case .holdPlace(let view): self = .holdPlace(view)
    case .holdCapture(let view): self = .holdCapture(view)
    case .holdRelease(let view): self = .holdRelease(view)
    case .recordAnchor(let view): self = .recordAnchor(RecordAnchor(view, in: buffer))
    case .parameterSet(let view): self = .parameterSet(view)
    case .directorySet(let view): self = .directorySet(DirectorySet(view, in: buffer))
    case .directoryRemove(let view): self = .directoryRemove(view)
    case .validatorAdd(let view): self = .validatorAdd(view)
    case .validatorRemove(let view): self = .validatorRemove(view)
    case .validatorUpdate(let view): self = .validatorUpdate(view)
    }
  }
}
