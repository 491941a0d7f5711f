/// A node's answer to one HTTP request.
public struct ClientResponse: Hashable, Sendable {
  public var status: Int
  /// The value of the `Retry-After` header in seconds, if present.
  public var retryAfter: Int?
  /// The value of the `Content-Type` header, if present; without it, the body is read as JSON.
  public var contentType: String?
  public var body: [UInt8]

  public init(status: Int, retryAfter: Int? = nil, contentType: String? = nil, body: [UInt8]) {
    self.status = status
    self.retryAfter = retryAfter
    self.contentType = contentType
    self.body = body
  }
}
