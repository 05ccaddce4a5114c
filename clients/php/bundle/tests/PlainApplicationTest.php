<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Tests;

use Understudy\SymfonyBundle\Messenger\DecisionMade;
use Understudy\SymfonyBundle\Messenger\Results;

/** An application without Messenger, forms, validator and profiler: the bundle leaves out what has nothing to stand on. */
final class PlainApplicationTest extends ApplicationTestCase
{
    public function testItDecides(): void
    {
        self::assertSame('ok', $this->get($this->browser('plain', false), '/predict')['label']);
    }

    public function testResultsAreEvents(): void
    {
        self::bootKernel(['environment' => 'plain', 'debug' => false]);
        $container = self::getContainer();
        foreach (['understudy.messenger.handler', 'understudy.validator.moderated', 'understudy.form.extension', 'understudy.doctrine.listener', 'understudy.profiler.data_collector'] as $id) {
            self::assertFalse($container->has($id), $id);
        }
        $events = [];
        $container->get('event_dispatcher')->addListener(DecisionMade::class, static function (DecisionMade $made) use (&$events): void {
            $events[] = $made;
        });
        $results = $container->get('test.understudy.results');
        \assert($results instanceof Results);
        $results->tell($made = new DecisionMade(['id' => 'dec_1'], 'webhook', 'evt_1'));

        self::assertSame([$made], $events);
    }

    public function testTheBundleMakesNoServiceOfOursForARequestThatDoesNotUseIt(): void
    {
        $browser = $this->browser('plain', false);
        $browser->request('GET', '/nothing-of-understudy');
        self::assertSame('plain', $browser->getResponse()->getContent());
        $made = array_filter(self::getContainer()->get('service_container')->getServiceIds(), static fn (string $id): bool => str_starts_with($id, 'understudy.') && self::getContainer()->get('service_container')->initialized($id));

        self::assertSame([], array_values($made));
    }
}
