internal import Ledger

// The JSON forms of the operations on accounts.

extension AccountOpen: OperationForm {
  static func read(_ reader: inout JSONObjectReader, _ amounts: AmountReader) throws(DocumentError) -> Operation {
    let account = try reader.required("account").account()
    return .accountOpen(account: account, description: try reader.textOrEmpty("description"))
  }

  func write(into members: inout [String: JSONValue], decimals: UInt8?) {
    members["account"] = .text(account)
    members["description"] = .string(description)
  }
}

extension AccountFreeze: OperationForm {
  static func read(_ reader: inout JSONObjectReader, _ amounts: AmountReader) throws(DocumentError) -> Operation {
    .accountFreeze(account: try reader.required("account").account())
  }

  func write(into members: inout [String: JSONValue], decimals: UInt8?) {
    members["account"] = .text(account)
  }
}

extension AccountUnfreeze: OperationForm {
  static func read(_ reader: inout JSONObjectReader, _ amounts: AmountReader) throws(DocumentError) -> Operation {
    .accountUnfreeze(account: try reader.required("account").account())
  }

  func write(into members: inout [String: JSONValue], decimals: UInt8?) {
    members["account"] = .text(account)
  }
}

extension AccountClose: OperationForm {
  static func read(_ reader: inout JSONObjectReader, _ amounts: AmountReader) throws(DocumentError) -> Operation {
    .accountClose(account: try reader.required("account").account())
  }

  func write(into members: inout [String: JSONValue], decimals: UInt8?) {
    members["account"] = .text(account)
  }
}
