package import Primitives

/// A value of a document together with its path, so that every refusal can name the place.
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

  /// The value as errors show it, shortened to at most 80 Unicode scalars.
  package var shown: String {
    let text = String(decoding: JSONWriter.compact(value), as: UTF8.self).unicodeScalars
    // Counts scalars, because one character may contain any number of combining marks.
    return text.count > 80 ? String(text.prefix(77)) + "…" : String(text)
  }

  package func refused(allowed: String) -> DocumentError { fault(.value(shown, allowed: allowed)) }

  package func string() throws(DocumentError) -> String {
    guard case .string(let text) = value else { throw fault(.type(found: value.typeName, expected: "a string")) }
    return text
  }

  package func bool() throws(DocumentError) -> Bool {
    guard case .bool(let flag) = value else { throw fault(.type(found: value.typeName, expected: "true or false")) }
    return flag
  }

  /// Parses a string with `parse`. `allowed` describes in words what `parse` accepts.
  package func text<Value>(_ allowed: String, _ parse: (String) -> Value?) throws(DocumentError) -> Value {
    guard case .string(let text) = value else { throw fault(.type(found: value.typeName, expected: allowed)) }
    guard let parsed = parse(text) else { throw refused(allowed: allowed) }
    return parsed
  }

  /// Reads a JSON number that must be an integer in `range`.
  package func integer<Value: FixedWidthInteger>(in range: ClosedRange<Value>) throws(DocumentError) -> Value {
    let allowed = "an integer from \(range.lowerBound) to \(range.upperBound)"
    guard case .number(let digits) = value else { throw fault(.type(found: value.typeName, expected: allowed)) }
    return try number(digits, in: range, allowed: allowed)
  }

  /// Reads an integer in `range` from a string of digits, because common JSON readers lose digits of large numbers.
  package func digits<Value: FixedWidthInteger>(in range: ClosedRange<Value>) throws(DocumentError) -> Value {
    let allowed = "an integer from \(range.lowerBound) to \(range.upperBound) in quotes"
    guard case .string(let digits) = value else { throw fault(.type(found: value.typeName, expected: allowed)) }
    return try number(digits, in: range, allowed: allowed)
  }

  private func number<Value: FixedWidthInteger>(
    _ digits: String, in range: ClosedRange<Value>, allowed: String
  ) throws(DocumentError) -> Value {
    // The initialiser of integers also accepts signs, which no field here has.
    guard !digits.isEmpty, digits.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }),
      digits == "0" || !digits.hasPrefix("0"), let number = Value(digits), range.contains(number)
    else { throw refused(allowed: allowed) }
    return number
  }

  package func array() throws(DocumentError) -> [JSONNode] {
    guard case .array(let elements) = value else { throw fault(.type(found: value.typeName, expected: "an array")) }
    return elements.enumerated().map { JSONNode($1, document: document, path: "\(path)[\($0)]") }
  }

  /// Reads an object with `body`, then refuses every key that `body` did not request.
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
