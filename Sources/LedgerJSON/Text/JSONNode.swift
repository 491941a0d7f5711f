package import Primitives

/// A value of a document together with its place in it, so that every refusal can name the place.
package struct JSONNode: Sendable {
  package let value: JSONValue
  package let path: String
  package let document: String

  package init(_ value: JSONValue, document: String, path: String = "") {
    self.value = value
    self.path = path
    self.document = document
  }

  package static func parse(_ bytes: [UInt8], document: String) throws(DocumentError) -> JSONNode {
    JSONNode(try JSONParser.parse(bytes, document: document), document: document)
  }

  package func fault(_ fault: DocumentError.Fault) -> DocumentError {
    DocumentError(document: document, path: path, fault: fault)
  }

  package func rule(_ error: some ExplainedError) -> DocumentError {
    DocumentError(document: document, path: path, rule: error)
  }

  /// The value as errors show it, shortened.
  package var shown: String {
    let text = String(decoding: JSONWriter.compact(value), as: UTF8.self).unicodeScalars
    // Scalars, as one character may have any number of marks.
    return text.count > 80 ? String(text.prefix(77)) + "…" : String(text)
  }

  package func refused(allowed: String) -> DocumentError { fault(.value(shown, allowed: allowed)) }

  package func string() throws(DocumentError) -> String {
    guard case .string(let text) = value else { throw fault(.type(found: value.typeName, expected: "a string")) }
    return text
  }

  /// What `parse` makes of a string. `allowed` says in words what it takes.
  package func text<Value>(_ allowed: String, _ parse: (String) -> Value?) throws(DocumentError) -> Value {
    guard case .string(let text) = value else { throw fault(.type(found: value.typeName, expected: allowed)) }
    guard let parsed = parse(text) else { throw refused(allowed: allowed) }
    return parsed
  }

  /// An integer in `range`, as a JSON number.
  package func integer<Value: FixedWidthInteger>(in range: ClosedRange<Value>) throws(DocumentError) -> Value {
    let allowed = "an integer from \(range.lowerBound) to \(range.upperBound)"
    guard case .number(let digits) = value else { throw fault(.type(found: value.typeName, expected: allowed)) }
    return try number(digits, in: range, allowed: allowed)
  }

  /// An integer in `range` as a string of digits, as common readers lose digits of large numbers.
  package func digits<Value: FixedWidthInteger>(in range: ClosedRange<Value>) throws(DocumentError) -> Value {
    let allowed = "an integer from \(range.lowerBound) to \(range.upperBound) in quotes"
    guard case .string(let digits) = value else { throw fault(.type(found: value.typeName, expected: allowed)) }
    return try number(digits, in: range, allowed: allowed)
  }

  private func number<Value: FixedWidthInteger>(
    _ digits: String, in range: ClosedRange<Value>, allowed: String
  ) throws(DocumentError) -> Value {
    // The initialiser of integers also takes signs, which no field here has.
    guard !digits.isEmpty, digits.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }),
      digits == "0" || !digits.hasPrefix("0"), let number = Value(digits), range.contains(number)
    else { throw refused(allowed: allowed) }
    return number
  }

  package func array() throws(DocumentError) -> [JSONNode] {
    guard case .array(let elements) = value else { throw fault(.type(found: value.typeName, expected: "an array")) }
    return elements.enumerated().map { JSONNode($1, document: document, path: "\(path)[\($0)]") }
  }

  /// Reads an object with `body` and then refuses every key that `body` did not ask for.
  package func object<Value>(
    _ body: (inout JSONObjectReader) throws(DocumentError) -> Value
  ) throws(DocumentError) -> Value {
    guard case .object(let members) = value else { throw fault(.type(found: value.typeName, expected: "an object")) }
    var reader = JSONObjectReader(members, of: self)
    let value = try body(&reader)
    try reader.finish()
    return value
  }
}
