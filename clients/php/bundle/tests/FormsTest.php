<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Tests;

use Symfony\Component\Form\Extension\Core\Type\TextType;
use Symfony\Component\Form\FormFactoryInterface;
use Symfony\Component\Validator\Validator\ValidatorInterface;
use Understudy\SymfonyBundle\Validator\Moderated;

/** The constraint, the form option and the Twig filter when Understudy answers. */
final class FormsTest extends ApplicationTestCase
{
    protected function setUp(): void
    {
        parent::setUp();
        self::bootKernel(['environment' => 'test', 'debug' => false]);
    }

    public function testTheConstraintFollowsTheDecision(): void
    {
        $allow = new Moderated('comment-moderation', allow: ['ok']);
        $refuse = new Moderated('comment-moderation', refuse: ['spam'], message: 'No {{ label }} here.');
        $strict = new Moderated('comment-moderation', allow: ['ok'], onReview: 'reject');

        $this->server->mode('ok', 'ok');
        self::assertSame([[], [], []], [$this->violations($allow), $this->violations($refuse), $this->violations($strict)]);
        $this->server->mode('ok', 'spam');
        self::assertSame([['This text is not allowed here.'], ['No spam here.'], ['This text is not allowed here.']], [$this->violations($allow), $this->violations($refuse), $this->violations($strict)]);
        $this->server->mode('ok', null);
        self::assertSame([[], [], ['This text has to be looked at by a person first.']], [$this->violations($allow), $this->violations($refuse), $this->violations($strict)]);
    }

    public function testAnOutageRejectsOnlyWhereThatWasAskedFor(): void
    {
        $this->server->mode('500');

        self::assertSame([], $this->violations(new Moderated('comment-moderation', allow: ['ok'], onReview: 'reject')));
        self::assertSame(['Wait.'], $this->violations(new Moderated('comment-moderation', allow: ['ok'], onUnavailable: 'reject', reviewMessage: 'Wait.')));
    }

    public function testNothingIsAskedAboutNothing(): void
    {
        self::assertSame([], $this->violations(new Moderated('comment-moderation', allow: ['ok']), ''));
        self::assertSame([], $this->violations(new Moderated('comment-moderation', allow: ['ok']), null));
        self::assertSame([], $this->server->log());
        // The validator turns the exception for what is no text into a violation.
        self::assertCount(1, $this->validator()->validate([1], new Moderated('comment-moderation', allow: ['ok'])));
        self::assertSame([], $this->server->log());
    }

    public function testAConstraintThatSaysNothingOrBothIsAMistake(): void
    {
        foreach ([[[], []], [['ok'], ['spam']]] as [$allow, $refuse]) {
            try {
                new Moderated('comment-moderation', allow: $allow, refuse: $refuse);
                self::fail('no exception');
            } catch (\InvalidArgumentException $mistake) {
                self::assertStringContainsString('either "allow" or "refuse"', $mistake->getMessage());
            }
        }
    }

    public function testTheFormOptionModeratesAField(): void
    {
        $this->server->mode('ok', 'spam');
        $forms = self::getContainer()->get('form.factory');
        \assert($forms instanceof FormFactoryInterface);
        $form = $forms->createBuilder()->add('title', TextType::class)->add('body', TextType::class, ['understudy_task' => 'comment-moderation', 'understudy_allow' => ['ok']])->getForm();
        $form->submit(['title' => 'a title', 'body' => 'a text']);

        self::assertFalse($form->isValid());
        self::assertSame('This text is not allowed here.', $form->get('body')->getErrors()[0]->getMessage());
        self::assertCount(1, $this->server->log());
        self::assertSame(['text' => 'a text'], $this->server->log()[0]['body']['input']);
    }

    public function testTheTwigFilterShowsOnlyWhatIsCertain(): void
    {
        $browser = $this->browser('test', false);
        $this->server->mode('ok', 'positive');
        $browser->request('GET', '/twig');
        self::assertStringContainsString('<body>positive automated', (string) $browser->getResponse()->getContent());
        $this->server->mode('ok', null);
        $browser->request('GET', '/twig');
        self::assertStringContainsString('<body>undecided review', (string) $browser->getResponse()->getContent());
    }

    /** @return list<string> */
    private function violations(Moderated $constraint, ?string $text = 'a text'): array
    {
        $messages = [];
        foreach ($this->validator()->validate($text, $constraint) as $violation) {
            $messages[] = (string) $violation->getMessage();
        }

        return $messages;
    }

    private function validator(): ValidatorInterface
    {
        $validator = self::getContainer()->get('validator');
        \assert($validator instanceof ValidatorInterface);

        return $validator;
    }
}
