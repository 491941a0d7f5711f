internal import NIOCore
internal import NIOSSL
internal import Testing

@testable internal import PeerNetwork

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

@Testing.Suite("The text of library errors")
struct LibraryTextTests {
  @Test("Errors of the system are reported in its words, without the library's calls")
  func system() {
    let error = IOError(errnoCode: EADDRINUSE, reason: "bind(descriptor:ptr:bytes:)")
    #expect(LibraryText.of(error) == "Address already in use (errno \(EADDRINUSE))")
    #expect(LibraryText.of(ChannelError.connectTimeout(.seconds(1))) == "no answer in time")
    #expect(LibraryText.of(NIOSSLError.failedToLoadCertificate) == "it contains no certificate")
    #expect(LibraryText.of(ChannelError.eof) == "the other side closed it")
  }

  @Test("An unexpected error is named by its type, without its contents")
  func unforeseen() {
    struct Strange: Error { var secret = "secret(value:)" }
    #expect(!LibraryText.of(Strange()).contains("secret"))
  }
}
