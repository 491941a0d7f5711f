package import Cryptography
internal import Ledger
package import Primitives

/// Signs transactions with a member's key, after decoding each, so that its operator can be told what was signed.
package final class TransactionDesk: SignerDesk {
  package let chain: ChainContext
  package var role: SignerRole { .member }
  private let key: any SigningKey
  private let note: (SignerNote) -> Void
  private var clients: Set<Int> = []
  private var hash: HashFunction

  package init(_ key: any SigningKey, chain: ChainContext, note: @escaping (SignerNote) -> Void) {
    self.key = key
    self.chain = chain
    self.note = note
    hash = HashFunction(chain.suite)
  }

  package func left(_ client: Int) { clients.remove(client) }

  package func answer(_ request: SignerRequest, from client: Int) -> SignerAnswer? {
    if case .hello(let hello) = request {
      if let objection = objection(to: hello) {
        note(.refused(hello.description, objection))
        return .refused(objection)
      }
      clients.insert(client)
      return .welcome(key.publicKey)
    }
    guard clients.contains(client) else { return .refused(.malformed("a hello comes first")) }
    switch request {
    case .transaction(let bytes): return sign(bytes)
    case .ready: return .done
    default: return .refused(.otherRole)
    }
  }

  private func sign(_ bytes: [UInt8]) -> SignerAnswer {
    let draft: TransactionDraft
    do throws(TransactionError) {
      draft = try TransactionDraft(unsignedBytes: bytes, chain: chain, hash: &hash)
    } catch {
      return .refused(.malformed(error.explanation))
    }
    do throws(CryptoError) {
      let signature = try key.sign(draft.signedBytes)
      note(.signed(draft))
      return .signature(signature)
    } catch {
      return .refused(.failed(error.explanation))
    }
  }
}
