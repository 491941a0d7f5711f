import Cryptography
package import Ledger
package import LedgerClient
package import Primitives
import Signers
import Tokens

// snippet: key-file
package func signer(_ member: Name, keyFile path: String, passphrase: [UInt8]?, suite: Suite) throws -> Signer {
  Signer(member: member, key: try KeyFile.read(path, suite: suite, passphrase: passphrase))
}
// end

// snippet: key-token
package func signer(_ member: Name, tokenKey uri: String, pin: [UInt8], suite: Suite) throws -> Signer {
  Signer(member: member, key: try Token(TokenURI(uri), pin: pin).key(suite))
}
// end

// snippet: key-signer
package func signer(_ member: Name, socket path: String, suite: Suite) throws -> Signer {
  Signer(member: member, key: try RemoteSigningKey(path: path, suite: suite, description: "payments"))
}
// end
