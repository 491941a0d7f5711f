internal import CPKCS11
internal import Primitives

extension TokenError {
  /// Whether a new session may help: the old one, or what was found in it, is not valid any more, or the module says too
  /// little to tell.
  var mayPass: Bool {
    switch self {
    case .away: true
    case .call(_, let code): Self.isLoss(code) || Self.vague.contains(code)
    default: false
    }
  }

  /// This error, as one that a token which is away gave.
  func asAway(_ token: TokenIdentity) -> TokenError {
    switch self {
    case .call(let function, let code) where Self.isLoss(code) || Self.vague.contains(code):
      .away(token, function: function, code: code)
    case .absent: .away(token, function: "C_GetSlotList", code: CKR_TOKEN_NOT_PRESENT)
    default: self
    }
  }

  private static func isLoss(_ code: UInt) -> Bool { losses[code] != nil }

  /// The name of a code in the standard, if it is one that needs no look-up.
  static func name(_ code: UInt) -> String {
    (losses[code] ?? others[code]).map { "\($0) (0x\(String(code, radix: 16)))" } ?? "0x\(String(code, radix: 16))"
  }

  private static let losses: [UInt: String] = [
    CKR_SLOT_ID_INVALID: "CKR_SLOT_ID_INVALID",
    CKR_DEVICE_ERROR: "CKR_DEVICE_ERROR",
    CKR_DEVICE_REMOVED: "CKR_DEVICE_REMOVED",
    CKR_SESSION_CLOSED: "CKR_SESSION_CLOSED",
    CKR_SESSION_HANDLE_INVALID: "CKR_SESSION_HANDLE_INVALID",
    CKR_TOKEN_NOT_PRESENT: "CKR_TOKEN_NOT_PRESENT",
    CKR_TOKEN_NOT_RECOGNIZED: "CKR_TOKEN_NOT_RECOGNIZED",
    CKR_CRYPTOKI_NOT_INITIALIZED: "CKR_CRYPTOKI_NOT_INITIALIZED",
    CKR_USER_NOT_LOGGED_IN: "CKR_USER_NOT_LOGGED_IN",
  ]

  private static let vague: Set<UInt> = [
    CKR_GENERAL_ERROR, CKR_FUNCTION_FAILED, CKR_DEVICE_MEMORY, CKR_KEY_HANDLE_INVALID, CKR_OBJECT_HANDLE_INVALID,
    CKR_OPERATION_ACTIVE, CKR_OPERATION_NOT_INITIALIZED, CKR_FUNCTION_CANCELED,
  ]

  private static let others: [UInt: String] = [
    CKR_GENERAL_ERROR: "CKR_GENERAL_ERROR",
    CKR_FUNCTION_FAILED: "CKR_FUNCTION_FAILED",
    CKR_DEVICE_MEMORY: "CKR_DEVICE_MEMORY",
    CKR_KEY_HANDLE_INVALID: "CKR_KEY_HANDLE_INVALID",
    CKR_OBJECT_HANDLE_INVALID: "CKR_OBJECT_HANDLE_INVALID",
    CKR_KEY_FUNCTION_NOT_PERMITTED: "CKR_KEY_FUNCTION_NOT_PERMITTED",
    CKR_MECHANISM_INVALID: "CKR_MECHANISM_INVALID",
    CKR_TOKEN_WRITE_PROTECTED: "CKR_TOKEN_WRITE_PROTECTED",
    CKR_TEMPLATE_INCONSISTENT: "CKR_TEMPLATE_INCONSISTENT",
    CKR_ATTRIBUTE_VALUE_INVALID: "CKR_ATTRIBUTE_VALUE_INVALID",
    CKR_ACTION_PROHIBITED: "CKR_ACTION_PROHIBITED",
    CKR_SESSION_COUNT: "CKR_SESSION_COUNT",
  ]
}
