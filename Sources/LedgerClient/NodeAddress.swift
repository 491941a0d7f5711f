public import Foundation

/// The address of a node's API: `http` or `https`, a host, and optionally a port and a path prefix.
public enum NodeAddress {
  /// Parses an address such as `http://127.0.0.1:7501`.
  public static func parse(_ text: String) throws(ClientError) -> URL {
    guard let url = URL(string: text) else {
      let isBare = !text.contains("[") && text.split(separator: "/").contains { $0.count { $0 == ":" } > 1 }
      throw .address(
        text, reason: isBare ? "an IPv6 address must be in brackets, such as http://[::1]:7501" : "it is not a URL")
    }
    _ = try checked([url])
    return url
  }

  /// Checks the addresses and removes trailing slashes.
  static func checked(_ urls: [URL]) throws(ClientError) -> [String] {
    guard !urls.isEmpty else { throw .address("", reason: "none was given") }
    var addresses: [String] = []
    for url in urls {
      let text = url.absoluteString
      guard url.scheme == "http" || url.scheme == "https" else {
        throw .address(text, reason: "it does not begin with http:// or https://")
      }
      guard let host = url.host(percentEncoded: true), !host.isEmpty else {
        throw .address(text, reason: "it has no host")
      }
      guard url.query == nil, url.fragment == nil, url.user == nil else {
        throw .address(text, reason: "it has more than a host, a port and a path")
      }
      addresses.append(text.hasSuffix("/") ? String(text.dropLast()) : text)
    }
    return addresses
  }
}
