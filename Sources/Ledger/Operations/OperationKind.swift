/// The kinds of operations, with the byte that begins their encoding. Numbers are never reused.
public enum OperationKind: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  case memberAdd = 0x01
  case memberUpdate = 0x02
  case memberSuspend = 0x03
  case memberRestore = 0x04
  case accountOpen = 0x10
  case accountFreeze = 0x11
  case accountUnfreeze = 0x12
  case accountClose = 0x13
  case assetDefine = 0x20
  case assetIssue = 0x21
  case assetRetire = 0x22
  case assetTransfer = 0x23
  case assetCap = 0x24
  case assetHandOver = 0x25
  case assetFreeze = 0x26
  case assetUnfreeze = 0x27
  case holdPlace = 0x30
  case holdCapture = 0x31
  case holdRelease = 0x32
  case recordAnchor = 0x40
  case parameterSet = 0x50
  case directorySet = 0x60
  case directoryRemove = 0x61
  case validatorAdd = 0x62
  case validatorRemove = 0x63
  case validatorUpdate = 0x64

  /// The name in JSON, on the command line and in documents.
  public var name: String {
    switch self {
    case .memberAdd: "member.add"
    case .memberUpdate: "member.update"
    case .memberSuspend: "member.suspend"
    case .memberRestore: "member.restore"
    case .accountOpen: "account.open"
    case .accountFreeze: "account.freeze"
    case .accountUnfreeze: "account.unfreeze"
    case .accountClose: "account.close"
    case .assetDefine: "asset.define"
    case .assetIssue: "asset.issue"
    case .assetRetire: "asset.retire"
    case .assetTransfer: "asset.transfer"
    case .assetCap: "asset.cap"
    case .assetHandOver: "asset.hand-over"
    case .assetFreeze: "asset.freeze"
    case .assetUnfreeze: "asset.unfreeze"
    case .holdPlace: "hold.place"
    case .holdCapture: "hold.capture"
    case .holdRelease: "hold.release"
    case .recordAnchor: "record.anchor"
    case .parameterSet: "parameter.set"
    case .directorySet: "directory.set"
    case .directoryRemove: "directory.remove"
    case .validatorAdd: "validator.add"
    case .validatorRemove: "validator.remove"
    case .validatorUpdate: "validator.update"
    }
  }

  /// The first version of the rules that has the kind.
  public var rules: UInt16 {
    switch self {
    case .accountClose, .assetCap, .assetHandOver, .assetFreeze, .assetUnfreeze, .holdPlace, .holdCapture, .holdRelease:
      4
    case .memberAdd, .memberUpdate, .memberSuspend, .memberRestore, .accountOpen, .accountFreeze, .accountUnfreeze,
      .assetDefine, .assetIssue, .assetRetire, .assetTransfer, .recordAnchor, .parameterSet, .directorySet,
      .directoryRemove, .validatorAdd, .validatorRemove, .validatorUpdate:
      3
    }
  }

  public init?(name: some StringProtocol) {
    guard let kind = OperationKind.allCases.first(where: { $0.name == name }) else { return nil }
    self = kind
  }
}
