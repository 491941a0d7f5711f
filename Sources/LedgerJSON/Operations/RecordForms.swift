internal import Ledger

// The JSON forms of the operations on records.

extension RecordAnchor: OperationForm {
  static func read(_ reader: inout JSONObjectReader, _ amounts: AmountReader) throws(DocumentError) -> Operation {
    let author = try reader.required("author").name()
    let collection = try reader.required("collection").collection()
    let key = try reader.required("key").string()
    let content = try reader.required("contentDigest").digest()
    let metadata = try reader.textOrHex("metadata")
    return .recordAnchor(
      author: author, collection: collection, key: key, content: content, metadata: metadata)
  }

  func write(into members: inout [String: JSONValue], decimals: UInt8?) {
    members["author"] = .text(author)
    members["collection"] = .text(collection)
    members["key"] = .string(key)
    members["contentDigest"] = .text(content)
    TextOrHex(metadata).write("metadata", into: &members)
  }
}
