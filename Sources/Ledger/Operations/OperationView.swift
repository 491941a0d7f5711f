public import Primitives

/// One decoded operation of fixed size, with names and amounts in place and longer fields as ranges of the buffer.
///
/// Decoding allocates nothing and is the only place where the rules of operations are checked. Only this type and
/// `Operation` distinguish the kinds; everything about one kind is in the file of its type.
@frozen
public enum OperationView: Hashable, Sendable, BitwiseCopyable {
  case memberAdd(MemberAdd.View)
  case memberUpdate(MemberUpdate.View)
  case memberSuspend(MemberSuspend.View)
  case memberRestore(MemberRestore)
  case accountOpen(AccountOpen.View)
  case accountFreeze(AccountFreeze)
  case accountUnfreeze(AccountUnfreeze)
  case accountClose(AccountClose)
  case assetDefine(AssetDefine.View)
  case assetIssue(AssetIssue)
  case assetRetire(AssetRetire)
  case assetTransfer(AssetTransfer.View)
  case assetCap(AssetCap)
  case assetHandOver(AssetHandOver)
  case assetFreeze(AssetFreeze)
  case assetUnfreeze(AssetUnfreeze)
  case holdPlace(HoldPlace)
  case holdCapture(HoldCapture)
  case holdRelease(HoldRelease)
  case recordAnchor(RecordAnchor.View)
  case parameterSet(ParameterSet)
  case directorySet(DirectorySet.View)
  case directoryRemove(DirectoryRemove)
  case validatorAdd(ValidatorAdd)
  case validatorRemove(ValidatorRemove)
  case validatorUpdate(ValidatorUpdate)

  public init(from reader: inout Reader) throws(CodecError) {
    let rawKind = try reader.byte()
    guard let kind = OperationKind(rawValue: rawKind) else {
      throw .unknown(field: "operation kind", value: UInt64(rawKind))
    }
    switch kind {
    case .memberAdd: self = .memberAdd(try MemberAdd.View(from: &reader))
    case .memberUpdate: self = .memberUpdate(try MemberUpdate.View(from: &reader))
    case .memberSuspend: self = .memberSuspend(try MemberSuspend.View(from: &reader))
    case .memberRestore: self = .memberRestore(try MemberRestore(from: &reader))
    case .accountOpen: self = .accountOpen(try AccountOpen.View(from: &reader))
    case .accountFreeze: self = .accountFreeze(try AccountFreeze(from: &reader))
    case .accountUnfreeze: self = .accountUnfreeze(try AccountUnfreeze(from: &reader))
    case .accountClose: self = .accountClose(try AccountClose(from: &reader))
    case .assetDefine: self = .assetDefine(try AssetDefine.View(from: &reader))
    case .assetIssue: self = .assetIssue(try AssetIssue(from: &reader))
    case .assetRetire: self = .assetRetire(try AssetRetire(from: &reader))
    case .assetTransfer: self = .assetTransfer(try AssetTransfer.View(from: &reader))
    case .assetCap: self = .assetCap(try AssetCap(from: &reader))
    case .assetHandOver: self = .assetHandOver(try AssetHandOver(from: &reader))
    case .assetFreeze: self = .assetFreeze(try AssetFreeze(from: &reader))
    case .assetUnfreeze: self = .assetUnfreeze(try AssetUnfreeze(from: &reader))
    case .holdPlace: self = .holdPlace(try HoldPlace(from: &reader))
    case .holdCapture: self = .holdCapture(try HoldCapture(from: &reader))
    case .holdRelease: self = .holdRelease(try HoldRelease(from: &reader))
    case .recordAnchor: self = .recordAnchor(try RecordAnchor.View(from: &reader))
    case .parameterSet: self = .parameterSet(try ParameterSet(from: &reader))
    case .directorySet: self = .directorySet(try DirectorySet.View(from: &reader))
    case .directoryRemove: self = .directoryRemove(try DirectoryRemove(from: &reader))
    case .validatorAdd: self = .validatorAdd(try ValidatorAdd(from: &reader))
    case .validatorRemove: self = .validatorRemove(try ValidatorRemove(from: &reader))
    case .validatorUpdate: self = .validatorUpdate(try ValidatorUpdate(from: &reader))
    }
  }

  var requiredAuthority: RequiredAuthority {
    switch self {
    case .memberAdd(let operation): operation.requiredAuthority
    case .memberUpdate(let operation): operation.requiredAuthority
    case .memberSuspend(let operation): operation.requiredAuthority
    case .memberRestore(let operation): operation.requiredAuthority
    case .accountOpen(let operation): operation.requiredAuthority
    case .accountFreeze(let operation): operation.requiredAuthority
    case .accountUnfreeze(let operation): operation.requiredAuthority
    case .accountClose(let operation): operation.requiredAuthority
    case .assetDefine(let operation): operation.requiredAuthority
    case .assetIssue(let operation): operation.requiredAuthority
    case .assetRetire(let operation): operation.requiredAuthority
    case .assetTransfer(let operation): operation.requiredAuthority
    case .assetCap(let operation): operation.requiredAuthority
    case .assetHandOver(let operation): operation.requiredAuthority
    case .assetFreeze(let operation): operation.requiredAuthority
    case .assetUnfreeze(let operation): operation.requiredAuthority
    case .holdPlace(let operation): operation.requiredAuthority
    case .holdCapture(let operation): operation.requiredAuthority
    case .holdRelease(let operation): operation.requiredAuthority
    case .recordAnchor(let operation): operation.requiredAuthority
    case .parameterSet(let operation): operation.requiredAuthority
    case .directorySet(let operation): operation.requiredAuthority
    case .directoryRemove(let operation): operation.requiredAuthority
    case .validatorAdd(let operation): operation.requiredAuthority
    case .validatorRemove(let operation): operation.requiredAuthority
    case .validatorUpdate(let operation): operation.requiredAuthority
    }
  }

  /// Whether the operation can change who may act.
  var changesAuthority: Bool {
    switch self {
    case .memberAdd: MemberAdd.View.changesAuthority
    case .memberUpdate: MemberUpdate.View.changesAuthority
    case .memberSuspend: MemberSuspend.View.changesAuthority
    case .memberRestore: MemberRestore.changesAuthority
    case .accountOpen: AccountOpen.View.changesAuthority
    case .accountFreeze: AccountFreeze.changesAuthority
    case .accountUnfreeze: AccountUnfreeze.changesAuthority
    case .accountClose: AccountClose.changesAuthority
    case .assetDefine: AssetDefine.View.changesAuthority
    case .assetIssue: AssetIssue.changesAuthority
    case .assetRetire: AssetRetire.changesAuthority
    case .assetTransfer: AssetTransfer.View.changesAuthority
    case .assetCap: AssetCap.changesAuthority
    case .assetHandOver: AssetHandOver.changesAuthority
    case .assetFreeze: AssetFreeze.changesAuthority
    case .assetUnfreeze: AssetUnfreeze.changesAuthority
    case .holdPlace: HoldPlace.changesAuthority
    case .holdCapture: HoldCapture.changesAuthority
    case .holdRelease: HoldRelease.changesAuthority
    case .recordAnchor: RecordAnchor.View.changesAuthority
    case .parameterSet: ParameterSet.changesAuthority
    case .directorySet: DirectorySet.View.changesAuthority
    case .directoryRemove: DirectoryRemove.changesAuthority
    case .validatorAdd: ValidatorAdd.changesAuthority
    case .validatorRemove: ValidatorRemove.changesAuthority
    case .validatorUpdate: ValidatorUpdate.changesAuthority
    }
  }

  /// The first version of the rules that has the operation, with the roles that it gives.
  var rules: UInt16 {
    switch self {
    case .memberAdd(let operation): operation.authority.roles.rules
    case .memberUpdate(let operation): operation.authority.roles.rules
    case .accountClose, .assetCap, .assetHandOver, .assetFreeze, .assetUnfreeze, .holdPlace, .holdCapture, .holdRelease:
      OperationKind.holdPlace.rules
    case .memberSuspend, .memberRestore, .accountOpen, .accountFreeze, .accountUnfreeze, .assetDefine, .assetIssue,
      .assetRetire, .assetTransfer, .recordAnchor, .parameterSet, .directorySet, .directoryRemove, .validatorAdd,
      .validatorRemove, .validatorUpdate:
      OperationKind.memberSuspend.rules
    }
  }

  /// The proof of a vote key that the operation carries; nil for kinds that name none.
  var keyProof: KeyProof? {
    switch self {
    case .validatorAdd(let operation): operation.proof
    case .validatorUpdate(let operation): operation.proof
    case .memberAdd, .memberUpdate, .memberSuspend, .memberRestore, .accountOpen, .accountFreeze, .accountUnfreeze,
      .accountClose, .assetDefine, .assetIssue, .assetRetire, .assetTransfer, .assetCap, .assetHandOver, .assetFreeze,
      .assetUnfreeze, .holdPlace, .holdCapture, .holdRelease, .recordAnchor, .parameterSet,
      .directorySet, .directoryRemove, .validatorRemove:
      nil
    }
  }

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

  func apply(to state: inout LedgerState, _ buffer: RawSpan) -> OutcomeCode {
    switch self {
    case .memberAdd(let operation): operation.apply(to: &state, buffer)
    case .memberUpdate(let operation): operation.apply(to: &state, buffer)
    case .memberSuspend(let operation): operation.apply(to: &state, buffer)
    case .memberRestore(let operation): operation.apply(to: &state, buffer)
    case .accountOpen(let operation): operation.apply(to: &state, buffer)
    case .accountFreeze(let operation): operation.apply(to: &state, buffer)
    case .accountUnfreeze(let operation): operation.apply(to: &state, buffer)
    case .accountClose(let operation): operation.apply(to: &state, buffer)
    case .assetDefine(let operation): operation.apply(to: &state, buffer)
    case .assetIssue(let operation): operation.apply(to: &state, buffer)
    case .assetRetire(let operation): operation.apply(to: &state, buffer)
    case .assetTransfer(let operation): operation.apply(to: &state, buffer)
    case .assetCap(let operation): operation.apply(to: &state, buffer)
    case .assetHandOver(let operation): operation.apply(to: &state, buffer)
    case .assetFreeze(let operation): operation.apply(to: &state, buffer)
    case .assetUnfreeze(let operation): operation.apply(to: &state, buffer)
    case .holdPlace(let operation): operation.apply(to: &state, buffer)
    case .holdCapture(let operation): operation.apply(to: &state, buffer)
    case .holdRelease(let operation): operation.apply(to: &state, buffer)
    case .recordAnchor(let operation): operation.apply(to: &state, buffer)
    case .parameterSet(let operation): operation.apply(to: &state, buffer)
    case .directorySet(let operation): operation.apply(to: &state, buffer)
    case .directoryRemove(let operation): operation.apply(to: &state, buffer)
    case .validatorAdd(let operation): operation.apply(to: &state, buffer)
    case .validatorRemove(let operation): operation.apply(to: &state, buffer)
    case .validatorUpdate(let operation): operation.apply(to: &state, buffer)
    }
  }
}
