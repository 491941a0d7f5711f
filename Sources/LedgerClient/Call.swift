internal import LedgerJSON

/// One request of the HTTP API, which any node can answer.
struct Call {
  var method: ClientRequest.Method = .get
  /// Path and query.
  var target: String
  var contentType: String?
  /// The content type that the client accepts.
  var accept = MediaType.json
  var body: [UInt8] = []
  /// How long the node should wait before it answers.
  var wait: Duration = .zero
  /// Whether HTTP 503 counts as an ordinary answer.
  var takesBusy = false

  /// The components of `path` must already be encoded; query values are encoded here.
  init(_ path: String, _ query: [(name: String, value: String?)] = []) {
    let items = query.compactMap { item in item.value.map { "\(item.name)=\(Call.encode($0))" } }
    target = "/v1/\(path)" + (items.isEmpty ? "" : "?" + items.joined(separator: "&"))
  }

  /// Encodes one path component or query value: everything except RFC 3986's unreserved characters is escaped.
  static func encode(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        result += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
      }
    }
    return result
  }
}
