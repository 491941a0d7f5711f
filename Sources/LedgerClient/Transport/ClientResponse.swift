public struct ClientResponse: Hashable, Sendable {
  public var status: Int
  /// The whole seconds of the header `Retry-After`, if there is one.
  public var retryAfter: Int?
  /// The header `Content-Type`, if there is one; without it the body is read as JSON.
  public var contentType: String?
  public var body: [UInt8]

  public init(status: Int, retryAfter: Int? = nil, contentType: String? = nil, body: [UInt8]) {
    self.status = status
    self.retryAfter = retryAfter
    self.contentType = contentType
    self.body = body
  }
}
