/// The content types of the API (RFC 9110, section 8.3.1).
public enum MediaType {
  public static let json = "application/json"
  /// The canonical bytes of transactions.
  public static let bytes = "application/octet-stream"
  /// The answers to many transactions as bytes, version 2.
  public static let results = "application/vnd.roadbed.results.v2"

  /// The media type in a `Content-Type` header, without its parameters.
  public static func named(in header: String) -> String {
    let type = header.prefix { $0 != ";" }
    return String(type.drop { $0 == " " }.prefix { $0 != " " }).lowercased()
  }

  /// Whether an `Accept` header names exactly `type`.
  public static func names(_ type: String, in header: String) -> Bool {
    header.split(separator: ",").contains { named(in: String($0)) == type }
  }
}
