<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Tests;

use Symfony\Component\Messenger\Bridge\Amqp\Transport\AmqpStamp;
use Symfony\Component\Messenger\Envelope;
use Symfony\Component\Messenger\Exception\MessageDecodingFailedException;
use Symfony\Component\Messenger\MessageBusInterface;
use Symfony\Component\Messenger\Stamp\RedeliveryStamp;
use Understudy\SymfonyBundle\Messenger\DecideMessage;
use Understudy\SymfonyBundle\Messenger\DecisionMade;
use Understudy\SymfonyBundle\Messenger\PublishToSource;
use Understudy\SymfonyBundle\Messenger\SourceSerializer;

/** What goes to Understudy's sources and what comes back, as docs/guides/rabbitmq.md describes it. */
final class SourceTest extends ApplicationTestCase
{
    public function testWorkIsPlainJson(): void
    {
        $encoded = (new SourceSerializer())->encode(new Envelope(new PublishToSource(['comment' => ['id' => 'c-1', 'body' => 'ä/b']], 'comment-c-1', traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01')));

        self::assertSame('{"comment":{"id":"c-1","body":"ä/b"}}', $encoded['body']);
        self::assertSame(['Content-Type' => 'application/json', 'traceparent' => '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'], $encoded['headers']);
    }

    public function testWhoeverDispatchesItTheMessageHasItsIdentity(): void
    {
        if (!\extension_loaded('amqp')) {
            self::fail('ext-amqp is missing: tests/components/php/install.sh installs it');
        }
        self::bootKernel(['environment' => 'test', 'debug' => false]);
        $bus = self::getContainer()->get('test.messenger.default_bus');
        \assert($bus instanceof MessageBusInterface);
        $bus->dispatch(new PublishToSource(['comment' => []], 'comment-c-1', 'c-1', 'answers'), [new AmqpStamp('a.key', 0, ['priority' => 3])]);
        $transport = self::getContainer()->get('messenger.transport.source');
        \assert(method_exists($transport, 'getSent'));
        $stamp = $transport->getSent()[0]->last(AmqpStamp::class);

        self::assertInstanceOf(AmqpStamp::class, $stamp);
        self::assertSame('a.key', $stamp->getRoutingKey());
        $attributes = $stamp->getAttributes();
        ksort($attributes);
        self::assertSame(['content_type' => 'application/json', 'correlation_id' => 'c-1', 'delivery_mode' => 2, 'message_id' => 'comment-c-1', 'priority' => 3, 'reply_to' => 'answers'], $attributes);
    }

    public function testAnAnswerIsAResult(): void
    {
        $envelope = (new SourceSerializer())->decode(['body' => '{"external_id":"c-1","correlation_id":"k-1","source":"comments","decision":{"id":"dec_1","task":"moderation","outcome":"automated","label":"spam"}}', 'headers' => ['ce_id' => 'evt_9', 'ce_type' => 'decision.made']]);
        $message = $envelope->getMessage();

        self::assertInstanceOf(DecisionMade::class, $message);
        self::assertSame(['spam', 'c-1', 'k-1', 'evt_9', 'source'], [$message->decision()->label, $message->externalId, $message->correlationId, $message->eventId, $message->origin]);
    }

    public function testAnAnswerThatIsToBeRepeatedKeepsItsCount(): void
    {
        $serializer = new SourceSerializer();
        $message = $serializer->decode(['body' => '{"external_id":"c-1","decision":{"id":"dec_1","outcome":"review"}}', 'headers' => ['ce_id' => 'evt_9']])->getMessage();
        $again = $serializer->decode($serializer->encode(new Envelope($message, [new RedeliveryStamp(2)])));

        self::assertEquals($message, $again->getMessage());
        $stamp = $again->last(RedeliveryStamp::class);
        \assert($stamp instanceof RedeliveryStamp);
        self::assertSame(2, $stamp->getRetryCount());
    }

    public function testWhatIsNoAnswerIsRefusedAndNothingElseIsPublished(): void
    {
        foreach (['', 'O:8:"stdClass":0:{}', '[]', '{"decision": "yes"}', '{"decision": {"label": "ok"}}', str_repeat('[', 100)] as $body) {
            try {
                (new SourceSerializer())->decode(['body' => $body, 'headers' => []]);
                self::fail($body);
            } catch (MessageDecodingFailedException $refused) {
                self::assertNotSame('', $refused->getMessage());
            }
        }
        $this->expectException(\LogicException::class);
        (new SourceSerializer())->encode(new Envelope(new DecideMessage('comment-moderation', 'text')));
    }
}
