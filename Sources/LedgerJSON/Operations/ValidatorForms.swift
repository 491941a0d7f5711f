internal import Ledger
internal import Primitives

// The JSON forms of the operations on the directory and the validators.

extension DirectorySet: OperationForm {
  static func read(_ reader: inout JSONObjectReader, _ amounts: AmountReader) throws(DocumentError) -> Operation {
    let name = try reader.required("node").name()
    let member = try reader.required("member").name()
    let pins = try reader.required("transportKeys").distinct(limit: Limits.nodePins) {
      (node) throws(DocumentError) in try node.digest()
    }
    let addresses = try reader.required("addresses").distinct(limit: Limits.nodeAddresses) {
      (node) throws(DocumentError) in
      try node.text(Allowed.nodeAddress) { DirectoryEntry.isAddress($0) ? $0 : nil }
    }
    return .directorySet(name: name, member: member, pins: pins, addresses: addresses)
  }

  func write(into members: inout [String: JSONValue], decimals: UInt8?) {
    members["node"] = .text(node.name)
    node.write(into: &members)
  }
}

extension DirectoryRemove: OperationForm {
  static func read(_ reader: inout JSONObjectReader, _ amounts: AmountReader) throws(DocumentError) -> Operation {
    .directoryRemove(name: try reader.required("node").name())
  }

  func write(into members: inout [String: JSONValue], decimals: UInt8?) {
    members["node"] = .text(name)
  }
}

extension ValidatorAdd: OperationForm {
  static func read(_ reader: inout JSONObjectReader, _ amounts: AmountReader) throws(DocumentError) -> Operation {
    let proof = try KeyProof(&reader)
    return .validatorAdd(proof, configuration: try reader.required("configuration").digest())
  }

  func write(into members: inout [String: JSONValue], decimals: UInt8?) {
    proof.write(into: &members)
    members["configuration"] = .text(configuration)
  }
}

extension ValidatorRemove: OperationForm {
  static func read(_ reader: inout JSONObjectReader, _ amounts: AmountReader) throws(DocumentError) -> Operation {
    let name = try reader.required("validator").name()
    return .validatorRemove(name: name, configuration: try reader.required("configuration").digest())
  }

  func write(into members: inout [String: JSONValue], decimals: UInt8?) {
    members["validator"] = .text(name)
    members["configuration"] = .text(configuration)
  }
}

extension ValidatorUpdate: OperationForm {
  static func read(_ reader: inout JSONObjectReader, _ amounts: AmountReader) throws(DocumentError) -> Operation {
    let proof = try KeyProof(&reader)
    return .validatorUpdate(proof, configuration: try reader.required("configuration").digest())
  }

  func write(into members: inout [String: JSONValue], decimals: UInt8?) {
    proof.write(into: &members)
    members["configuration"] = .text(configuration)
  }
}

extension KeyProof {
  fileprivate init(_ reader: inout JSONObjectReader) throws(DocumentError) {
    self.init(
      validator: try reader.required("validator").name(), key: try reader.required("voteKey").publicKey(),
      signature: try reader.required("keyProof").signature())
  }

  fileprivate func write(into members: inout [String: JSONValue]) {
    members["validator"] = .text(validator)
    members["voteKey"] = .text(key)
    members["keyProof"] = .text(signature)
  }
}

extension DirectoryEntry {
  /// Writes all but the name.
  func write(into members: inout [String: JSONValue]) {
    members["member"] = .text(member)
    members["transportKeys"] = .array(pins.map { .text($0) })
    members["addresses"] = .array(addresses.map { .string($0) })
  }
}

extension JSONNode {
  /// Reads an array of 1 to `limit` different values.
  fileprivate func distinct<Value: Equatable>(
    limit: Int, _ read: (JSONNode) throws(DocumentError) -> Value
  ) throws(DocumentError) -> [Value] {
    let nodes = try array()
    guard (1...limit).contains(nodes.count) else {
      throw fault(.value("an array of \(nodes.count)", allowed: "1 to \(limit) values"))
    }
    var values: [Value] = []
    for node in nodes {
      let value = try read(node)
      guard !values.contains(value) else { throw node.refused(allowed: "each value once") }
      values.append(value)
    }
    return values
  }
}
