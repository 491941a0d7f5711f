/// The keys of one object, and which of them were requested.
package struct JSONObjectReader {
  private let members: [String: JSONValue]
  private let node: JSONNode
  private var known: Set<String> = []

  init(_ members: [String: JSONValue], of node: JSONNode) {
    self.members = members
    self.node = node
  }

  /// The value under `key`; nil if there is none.
  package mutating func optional(_ key: String) -> JSONNode? {
    known.insert(key)
    guard let value = members[key] else { return nil }
    return JSONNode(value, document: node.document, path: node.path.isEmpty ? key : "\(node.path).\(key)")
  }

  /// The value under `key`. Throws if there is none.
  package mutating func required(_ key: String) throws(DocumentError) -> JSONNode {
    guard let value = optional(key) else { throw node.fault(.missingKey(key)) }
    return value
  }

  /// Refuses the first key, in byte order, that was not requested.
  func finish() throws(DocumentError) {
    guard let unknown = members.keys.sorted().first(where: { !known.contains($0) }) else { return }
    throw node.fault(.unknownKey(unknown, allowed: known.sorted()))
  }
}
