import Testing
import Tokens

@Suite("Token URIs")
struct TokenURITests {
  private static let module = "module-path=/usr/lib/m.so"

  @Test("A URI is read with its escapes, and written so that it reads the same")
  func read() throws {
    let uri = try TokenURI(
      "pkcs11:token=Bank%20A;serial=0a1b;manufacturer=M;model=X;object=vote%3Bkey;id=%01%fF;type=private"
        + "?module-path=/usr/lib/a%20b.so&pin-source=file:/etc/roadbed/pin")
    #expect(uri.token == "Bank A" && uri.serial == "0a1b" && uri.manufacturer == "M" && uri.model == "X")
    #expect(uri.object == "vote;key" && uri.id == [1, 255])
    #expect(uri.modulePath == "/usr/lib/a b.so" && uri.pinFile == "/etc/roadbed/pin")
    #expect(try TokenURI("\(uri)") == uri)
    let other = try TokenURI("pkcs11:serial=1?pin-source=file:///pin&\(Self.module)")
    #expect(other.token == nil && other.pinFile == "/pin")
  }

  @Test(
    "What is not a URI of a key is refused with the fault",
    arguments: [
      ("PKCS11:token=a?\(module)", TokenURIFault.scheme),
      ("pkcs11:token=a;?\(module)", .form),
      ("pkcs11:token?\(module)", .form),
      ("pkcs11:token=a;tokens=b?\(module)", .unknown("tokens")),
      ("pkcs11:token=a;x-vendor=b?\(module)", .unknown("x-vendor")),
      ("pkcs11:token=a;slot-id=1?\(module)", .unknown("slot-id")),
      ("pkcs11:token=a?\(module)&module-name=b", .unknown("module-name")),
      ("pkcs11:token=a;token=a?\(module)", .repeated("token")),
      ("pkcs11:token=a b?\(module)", .character("token")),
      ("pkcs11:token=a/b?\(module)", .character("token")),
      ("pkcs11:token=ä?\(module)", .character("token")),
      ("pkcs11:token=%4?\(module)", .escape("token")),
      ("pkcs11:token=%g1?\(module)", .escape("token")),
      ("pkcs11:token=%ff?\(module)", .text("token")),
      ("pkcs11:token=a%00?\(module)", .text("token")),
      ("pkcs11:token=?\(module)", .length("token", count: 0, limit: 32)),
      (
        "pkcs11:token=\(String(repeating: "a", count: 33))?\(module)",
        .length("token", count: 33, limit: 32)
      ),
      ("pkcs11:object=a?\(module)", .missing("token")),
      ("pkcs11:token=a", .missing("module-path")),
      ("pkcs11:token=a?module-path=m.so", .path("module-path")),
      ("pkcs11:token=a?\(module)&pin-source=/pin", .path("pin-source")),
      ("pkcs11:token=a?\(module)&pin-source=file:pin", .path("pin-source")),
      ("pkcs11:token=a?\(module)&pin-source=file://host/pin", .path("pin-source")),
      ("pkcs11:token=a?\(module)&pin-source=|cat%20pin", .path("pin-source")),
      ("pkcs11:token=a;type=cert?\(module)", .type),
      ("pkcs11:token=a?\(module)&x=" + String(repeating: "a", count: 2048), .tooLong(limit: 2048)),
    ])
  func refused(_ text: String, _ fault: TokenURIFault) {
    #expect(throws: TokenError.uri(fault)) { try TokenURI(text) }
  }

  @Test("A PIN in the URI is refused because others can read it, and is not repeated in the error")
  func pinValue() throws {
    let error = try #require(throws: TokenError.self) { try TokenURI("pkcs11:token=a?\(Self.module)&pin-value=98765") }
    #expect(error == .uri(.pinValue) && error.code == "token.uri-pin")
    #expect(!"\(error) \(error.explanation) \(error.nextStep)".contains("98765"))
    #expect(error.explanation.contains("every user of this machine can read"))
  }
}
