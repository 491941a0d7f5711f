internal import Ledger

// The JSON forms of the operations on members.

extension MemberAdd: OperationForm {
  static func read(_ reader: inout JSONObjectReader, _ amounts: AmountReader) throws(DocumentError) -> Operation {
    let name = try reader.required("name").name()
    let description = try reader.textOrEmpty("description")
    return .memberAdd(name: name, description: description, authority: try reader.authority())
  }

  func write(into members: inout [String: JSONValue], decimals: UInt8?) {
    members["name"] = .text(name)
    members["description"] = .string(description)
    authority.write(into: &members)
  }
}

extension MemberUpdate: OperationForm {
  static func read(_ reader: inout JSONObjectReader, _ amounts: AmountReader) throws(DocumentError) -> Operation {
    let name = try reader.required("name").name()
    return .memberUpdate(name: name, authority: try reader.authority())
  }

  func write(into members: inout [String: JSONValue], decimals: UInt8?) {
    members["name"] = .text(name)
    authority.write(into: &members)
  }
}

extension MemberSuspend: OperationForm {
  static func read(_ reader: inout JSONObjectReader, _ amounts: AmountReader) throws(DocumentError) -> Operation {
    let name = try reader.required("name").name()
    return .memberSuspend(name: name, reason: try reader.textOrEmpty("reason"))
  }

  func write(into members: inout [String: JSONValue], decimals: UInt8?) {
    members["name"] = .text(name)
    members["reason"] = .string(reason)
  }
}

extension MemberRestore: OperationForm {
  static func read(_ reader: inout JSONObjectReader, _ amounts: AmountReader) throws(DocumentError) -> Operation {
    .memberRestore(name: try reader.required("name").name())
  }

  func write(into members: inout [String: JSONValue], decimals: UInt8?) {
    members["name"] = .text(name)
  }
}

extension MemberAuthority {
  func write(into members: inout [String: JSONValue]) {
    members["roles"] = .array(roles.names.map { .string($0) })
    members["keys"] = .array(keys.map { .text($0) })
    members["threshold"] = .integer(threshold)
  }
}
