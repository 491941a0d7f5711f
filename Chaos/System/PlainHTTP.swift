import Foundation

/// One HTTP request for what `LedgerClient` does not read.
enum PlainHTTP {
  /// The body of an answer as text; nil if there is none within seconds.
  static func get(_ path: String, host: String, port: Int) -> String? {
    guard let descriptor = TCPSocket.connect(host: host, port: port, seconds: 4) else { return nil }
    defer { close(descriptor) }
    let request = "GET \(path) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n"
    guard TCPSocket.send(request.utf8, to: descriptor) else { return nil }
    var answer: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = recv(descriptor, &part, part.count, 0)
      guard count > 0 else { break }
      answer += part.prefix(count)
    }
    return String(decoding: answer, as: UTF8.self).components(separatedBy: "\r\n\r\n").dropFirst().first
  }
}
