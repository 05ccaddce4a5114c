<?php

declare(strict_types=1);

namespace Understudy\Client\Tests;

use PHPUnit\Framework\TestCase;
use Understudy\Client\Exception\InvalidWebhook;
use Understudy\Client\Webhook\FileReplayGuard;
use Understudy\Client\Webhook\InMemoryReplayGuard;
use Understudy\Client\Webhook\ReplayGuard;
use Understudy\Client\Webhook\Verifier;

/** Beside the shared cases of contracts/conformance/signatures.json. */
final class WebhookVerifierTest extends TestCase
{
    private const NOW = 1_767_225_600;

    private const BODY = '{"specversion":"1.0","id":"evt_1","source":"/workspaces/ws_1","type":"decision.made",'
        . '"subject":"dec_1","time":"2026-01-01T00:00:00Z","datacontenttype":"application/json",'
        . '"data":{"id":"dec_1","task":"moderation","outcome":"automated","label":"spam"}}';

    private static function secret(string $letter = 'k'): string
    {
        return 'whsec_' . base64_encode(str_repeat($letter, 32));
    }

    /** @return array<string, string> */
    private static function headers(int $sentAt = self::NOW, string $letter = 'k', string $body = self::BODY): array
    {
        $mac = base64_encode(hash_hmac('sha256', "evt_1.$sentAt.$body", str_repeat($letter, 32), true));

        return ['webhook-id' => 'evt_1', 'webhook-timestamp' => (string) $sentAt, 'webhook-signature' => 'v1,' . $mac];
    }

    private static function reason(Verifier $verifier, string $body, array $headers, int $now = self::NOW): string
    {
        try {
            $verifier->verify($body, $headers, $now);
        } catch (InvalidWebhook $invalid) {
            return $invalid->reason;
        }

        return 'accepted';
    }

    public function testItGivesTheEventAndItsDecision(): void
    {
        $event = (new Verifier(self::secret()))->verify(self::BODY, self::headers(), self::NOW);
        self::assertSame(['evt_1', 'decision.made'], [$event->id, $event->type]);
        self::assertSame('spam', $event->decision()?->label);
    }

    public function testHeadersComeInAnyShapeOfPhp(): void
    {
        $verifier = new Verifier(self::secret());
        $shapes = [[], [], []];
        foreach (self::headers() as $name => $value) {
            $shapes[0][ucwords($name, '-')] = $value; // getallheaders()
            $shapes[1][$name] = [$value]; // HeaderBag::all(), PSR-7
            $shapes[2]['HTTP_' . strtoupper(str_replace('-', '_', $name))] = $value; // $_SERVER
        }
        foreach ($shapes as $headers) {
            self::assertSame('accepted', self::reason($verifier, self::BODY, $headers));
        }
        $twice = ['webhook-id' => ['evt_1', 'evt_2']] + self::headers();
        self::assertSame('missing_header', self::reason($verifier, self::BODY, $twice));
    }

    public function testNoTruncatedSignatureIsAccepted(): void
    {
        $verifier = new Verifier(self::secret());
        $headers = self::headers();
        $signature = $headers['webhook-signature'];
        for ($length = 0; $length < \strlen($signature); $length++) {
            $headers['webhook-signature'] = substr($signature, 0, $length);
            self::assertNotSame('accepted', self::reason($verifier, self::BODY, $headers), "$length characters");
        }
    }

    public function testNoAlteredByteIsAccepted(): void
    {
        $verifier = new Verifier(self::secret());
        for ($at = 0; $at < \strlen(self::BODY); $at++) {
            $body = self::BODY;
            $body[$at] = \chr(\ord($body[$at]) ^ 1);
            self::assertSame('signature', self::reason($verifier, $body, self::headers()), "byte $at");
        }
    }

    public function testTheTimeIsBoundOnBothSides(): void
    {
        $verifier = new Verifier(self::secret());
        foreach ([-301 => 'stale', -300 => 'accepted', 300 => 'accepted', 301 => 'stale'] as $age => $outcome) {
            self::assertSame($outcome, self::reason($verifier, self::BODY, self::headers(self::NOW - $age)));
        }
    }

    public function testTwoSecretsWhileOneIsChanged(): void
    {
        $both = new Verifier([self::secret('o'), self::secret('n')]);
        self::assertSame('accepted', self::reason($both, self::BODY, self::headers(letter: 'o')));
        self::assertSame('accepted', self::reason($both, self::BODY, self::headers(letter: 'n')));
        self::assertSame('signature', self::reason($both, self::BODY, self::headers(letter: 'x')));
    }

    public function testADeliveryIsAcceptedOnce(): void
    {
        $folder = sys_get_temp_dir() . '/understudy-replay-' . bin2hex(random_bytes(6));
        mkdir($folder);
        try {
            $shared = new FileReplayGuard($folder);
            foreach ([[new InMemoryReplayGuard(), null], [$shared, new FileReplayGuard($folder)]] as [$first, $second]) {
                $this->acceptsOnce($first, $second ?? $first);
            }
            $shared->forget(self::NOW + 1000);
            self::assertSame([], glob($folder . '/*'));
        } finally {
            array_map(unlink(...), glob($folder . '/*') ?: []);
            rmdir($folder);
        }
    }

    private function acceptsOnce(ReplayGuard $first, ReplayGuard $second): void
    {
        $verifier = new Verifier(self::secret(), replays: $first);
        self::assertSame('accepted', self::reason($verifier, self::BODY, self::headers()));
        $again = new Verifier(self::secret(), replays: $second);
        self::assertSame('replayed', self::reason($again, self::BODY, self::headers()));
        // The server's own repeat after a failure has a new time.
        self::assertSame('accepted', self::reason($again, self::BODY, self::headers(self::NOW + 5)));
        // A refused delivery must not use up the place of the true one.
        self::assertSame('signature', self::reason($again, self::BODY, self::headers(self::NOW + 6, 'x')));
        self::assertSame('accepted', self::reason($again, self::BODY, self::headers(self::NOW + 6)));
    }
}
