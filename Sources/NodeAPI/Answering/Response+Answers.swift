internal import Foundation
internal import Hummingbird
internal import LedgerJSON
internal import NIOCore

extension Response {
  /// An answer in JSON.
  static func json(_ answer: some Encodable, _ status: HTTPResponse.Status = .ok) throws -> Response {
    document(Array(try AnswerCoding.encode(answer)), status)
  }

  /// A response with JSON that is already encoded.
  static func document(_ bytes: [UInt8], _ status: HTTPResponse.Status = .ok) -> Response {
    Response(
      status: status, headers: [.contentType: "application/json; charset=utf-8"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  /// The answers to many transactions, encoded as bytes.
  static func results(_ answers: [SubmitAnswer], _ status: HTTPResponse.Status) -> Response {
    Response(
      status: status, headers: [.contentType: MediaType.results],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: SubmitAnswer.encode(answers))))
  }

  static func text(_ text: String) -> Response {
    Response(
      status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }
}
