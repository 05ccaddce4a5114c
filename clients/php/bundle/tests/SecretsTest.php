<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Tests;

use Symfony\Bundle\FrameworkBundle\Console\Application;
use Symfony\Component\Console\Tester\CommandTester;
use Symfony\Component\VarDumper\Cloner\VarCloner;
use Symfony\Component\VarDumper\Dumper\CliDumper;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Understudy;
use Understudy\SymfonyBundle\Client\Clients;
use Understudy\SymfonyBundle\Tests\App\Kernel;

/** What a developer may dump, log, serialise or print of the bundle shows neither the key nor a webhook's secret. */
final class SecretsTest extends ApplicationTestCase
{
    public function testDumpsOfServicesAndExceptionsShowNoSecret(): void
    {
        self::bootKernel(['environment' => 'test', 'debug' => true]);
        $clients = self::getContainer()->get(Clients::class);
        \assert($clients instanceof Clients);
        $this->server->mode('expired_key');
        $pending = $clients->get('main')->predictLater('comment-moderation', 'a text of a user');
        $shown = ['clients' => $clients, 'pending' => $pending];
        $shown['decision'] = $pending->get();
        self::assertTrue($shown['decision']->isFallback());
        foreach (['predict', 'tasks'] as $call) {
            try {
                $throwing = $clients->get('throwing');
                \assert($throwing instanceof Understudy);
                $call === 'predict' ? $throwing->predict('comment-moderation', 'a text of a user') : $throwing->tasks()->list()->getIterator()->current();
                self::fail('it throws');
            } catch (UnderstudyException $failure) {
                $shown[$call] = $failure;
                $shown[$call . ' trace'] = $failure->getTrace();
                $shown[$call . ' text'] = (string) $failure;
            }
        }
        $shown['client'] = $clients->get('main');
        $shown['log'] = self::getContainer()->get('understudy.profiler.call_log');
        $shown['webhook'] = self::getContainer()->get('understudy.webhook.controller');
        $shown['command'] = (new Application(self::$kernel))->find('understudy:webhook:verify');

        foreach ($shown as $name => $value) {
            foreach ($this->dumps($value) as $way => $text) {
                self::assertStringNotContainsString(self::KEY, $text, "$name by $way");
                if ($name !== 'command') {
                    self::assertStringNotContainsString(Kernel::WEBHOOK_SECRET, $text, "$name by $way");
                }
            }
        }
    }

    public function testTheContainersOwnCommandsNameVariablesAndNotTheirValues(): void
    {
        foreach (
            [
            ['debug:config', ['name' => 'understudy']],
            ['debug:container', ['name' => 'understudy.client.main', '--show-arguments' => true]],
            ['debug:container', ['--env-vars' => false, '--parameters' => true]],
            ] as [$name, $arguments]
        ) {
            self::ensureKernelShutdown();
            $tester = new CommandTester((new Application(self::bootKernel(['environment' => 'test', 'debug' => true])))->find($name));
            self::assertSame(0, $tester->execute($arguments), $tester->getDisplay());
            self::assertStringNotContainsString(self::KEY, $tester->getDisplay(), $name);
        }
    }

    /** @return array<string, string> */
    private function dumps(mixed $value): array
    {
        $cloner = new VarCloner();
        $cloner->setMaxItems(200_000);
        $dumps = ['dump()' => (string) (new CliDumper())->dump($cloner->cloneVar($value), true)];
        if (\is_string($value)) {
            $dumps['echo'] = $value;
        }
        if ($value instanceof \JsonSerializable) {
            $dumps['json_encode()'] = json_encode($value, \JSON_THROW_ON_ERROR);
        }

        return $dumps;
    }
}
